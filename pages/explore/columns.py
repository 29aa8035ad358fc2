from components.views.explore.columns import page

page.show()
