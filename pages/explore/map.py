from components.views import map as row_map

row_map.show()
