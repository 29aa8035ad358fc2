from components.views import anomalies

anomalies.show()
