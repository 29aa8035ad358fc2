from components.views.explore import bias

bias.show()
