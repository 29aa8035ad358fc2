from components.views import labels

labels.show()
