# check=skip=JSONArgsRecommended;error=true
# escape=`
FROM mcr.microsoft.com/windows/servercore:ltsc2022
RUN dir `
 C:\
FROM alpine:3.18
