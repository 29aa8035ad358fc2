from components.views.detect import validity

validity.show()
