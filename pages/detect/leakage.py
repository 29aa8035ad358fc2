from components.views import leakage

leakage.show()
