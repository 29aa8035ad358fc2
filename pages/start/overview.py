from components.views.start import overview

overview.show()
