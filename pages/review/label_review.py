from components.views.review import label_review

label_review.show()
