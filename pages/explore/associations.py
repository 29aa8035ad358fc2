from components.views.explore.associations import page

page.show()
