module media-stack/reader

go 1.26
