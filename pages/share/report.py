from components.views import report

report.show()
