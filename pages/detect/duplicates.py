from components.views.detect import duplicates

duplicates.show()
