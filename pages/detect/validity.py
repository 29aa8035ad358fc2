from components.views import validity

validity.show()
