from components.views import rows

rows.show()
