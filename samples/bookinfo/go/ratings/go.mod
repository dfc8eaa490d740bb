module meshwise.dev/samples/bookinfo/ratings

go 1.22
