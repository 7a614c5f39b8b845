# hydrant with python3 and node beside it, for functions whose handlers run here. It takes the program out of
# the image that docker/Dockerfile makes; `scripts/image --runtimes` builds both.
ARG HYDRANT=hydrant
ARG BASE=debian:bookworm-slim

FROM ${HYDRANT} AS hydrant

FROM ${BASE}
# The image without them lists the packages of its libraries. Those of this base's own archive fit its C library.
COPY --from=hydrant /var/lib/dpkg/status.d/ /usr/share/hydrant/libraries/
RUN apt-get -qq update && \
    DEBIAN_FRONTEND=noninteractive apt-get -qq -y -o Dpkg::Use-Pty=0 install --no-install-recommends \
      python3 nodejs ca-certificates $(ls /usr/share/hydrant/libraries) >/dev/null && \
    rm -rf /var/lib/apt/lists/* /var/cache/apt/archives/*.deb && \
    echo 'hydrant:x:65532:65532:hydrant:/data:/usr/sbin/nologin' >>/etc/passwd && \
    echo 'hydrant:x:65532:' >>/etc/group && \
    mkdir -m 1777 /data
COPY --from=hydrant /usr/bin/hydrant /usr/bin/hydrant
COPY --from=hydrant /etc/hydrant/ /etc/hydrant/
ARG VERSION=unknown
ARG REVISION=unknown
LABEL org.opencontainers.image.title="hydrant" \
      org.opencontainers.image.description="Kinesis Data Streams and Data Firehose, local, with python3 and node" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}"
ENV HYDRANT_HOST=0.0.0.0 \
    HYDRANT_DATA_DIR=/data \
    HYDRANT_CONFIG=/etc/hydrant/hydrant.json
USER 65532:65532
VOLUME /data
EXPOSE 4566
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=5s --timeout=6s --start-period=10s --retries=3 \
  CMD ["/usr/bin/hydrant", "--health"]
ENTRYPOINT ["/usr/bin/hydrant"]
