module oficio/tests/infra/mongodb

go 1.24
