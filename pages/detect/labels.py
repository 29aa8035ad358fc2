from components.views.detect import labels

labels.show()
