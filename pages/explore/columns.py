from components.views import columns

columns.show()
