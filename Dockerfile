# docker build -t tocsin . && docker run --rm -v "$PWD/out:/out" tocsin
FROM python:3.11-slim
COPY requirements.lock /src/
RUN pip install --no-cache-dir --no-deps --require-hashes -r /src/requirements.lock
COPY pyproject.toml README.md LICENSE /src/
COPY cases /src/cases
COPY src /src/src
RUN pip install --no-cache-dir --no-deps --no-build-isolation /src
WORKDIR /out
ENTRYPOINT ["tocsin"]
CMD ["assess", "japan-buildup"]
