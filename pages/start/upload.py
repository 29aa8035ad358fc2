from components.views import upload

upload.show()
