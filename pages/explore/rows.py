from components.views.explore.rows import page

page.show()
