from components.views import completeness

completeness.show()
