from components.views.explore.map import page as row_map

row_map.show()
