from components.views.start import upload

upload.show()
