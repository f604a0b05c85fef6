# docker build -t tocsin . && docker run --rm -v "$PWD/out:/out" tocsin
# The workbench, for a browser on this machine; see docs/workbench.md:
# docker run --rm -it -p 127.0.0.1:8000:8000 -v "$PWD/out:/out" tocsin open --port 8000 --listen 0.0.0.0 --no-browser
FROM python:3.11-slim
COPY requirements.lock /src/
RUN pip install --no-cache-dir --no-deps --require-hashes -r /src/requirements.lock
COPY pyproject.toml README.md LICENSE /src/
COPY cases /src/cases
COPY src /src/src
RUN pip install --no-cache-dir --no-deps --no-build-isolation /src
# Runs are stored in the mounted folder, so that they outlive the container.
ENV TOCSIN_HOME=/out/store
WORKDIR /out
ENTRYPOINT ["tocsin"]
CMD ["assess", "japan-buildup"]
