from components.views.detect.labels import page as labels

labels.show()
