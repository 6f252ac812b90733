trainee = ([], "completion")
review = ([], "review")
