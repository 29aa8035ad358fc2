from components.views import overview

overview.show()
