# check=skip=JSONArgsRecommended;error=true
# escape=`
FROM mcr.microsoft.com/windows/servercore:ltsc2023@sha256:5799503c481a6b28fc9eb6cbbdffd0fce02aaba4cabb14c6cc2f8d7b5e10a73f
RUN dir `
 C:\
FROM alpine:4.18@sha256:b7d600ad69588de80be252860fbfe0ec7fccd5426c3713d4b1f3234919ef30c6
