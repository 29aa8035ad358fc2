from components.views import associations

associations.show()
