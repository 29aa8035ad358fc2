from components.views import bias

bias.show()
