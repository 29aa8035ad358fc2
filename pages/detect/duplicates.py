from components.views import duplicates

duplicates.show()
