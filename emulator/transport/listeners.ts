import type { Addresses } from "../calls/calls";
import type { TlsFiles } from "./certificates";
import { type GrpcOptions, listenGrpc } from "./grpcServer";
import { type HttpOptions, listenHttp } from "./httpServer";
import type { Listener } from "./listener";

export interface Ports {
  port: number;
  tlsPort: number;
  grpcPort: number;
  grpcTlsPort: number;
}

export type ListenersOptions = Pick<GrpcOptions, "controlPlane"> &
  Pick<HttpOptions, "parts" | "upgrade" | "cors" | "report" | "host" | "now"> & { ports: Ports; tls: TlsFiles };

/** Where a running cloud is found. */
export interface ListenAddresses {
  /** `127.0.0.1:<port>`: gRPC without TLS. */
  endpoint: string;
  /** `http://127.0.0.1:<port>`: REST, AI and pages. */
  url: string;
  /** `localhost:<port>`: gRPC over TLS. */
  tlsEndpoint: string;
  /** `https://localhost:<port>` */
  tlsUrl: string;
  /** The certificate to trust for TLS, PEM; and its file, when the state has one. */
  caPem: string;
  caFile: string | undefined;
}

/** The four ports: gRPC and HTTP, each plain and with TLS. */
export interface Listeners {
  addresses: ListenAddresses;
  close(quiet?: Promise<void>): Promise<void>;
}

export async function openListeners(options: ListenersOptions): Promise<Listeners> {
  const { host, ports, tls } = options;
  const open: Listener[] = [];
  const close = async (quiet?: Promise<void>) => void (await Promise.all(open.map((each) => each.close(quiet))));
  /** One protocol's port and the other's, with the same security. */
  const pair = async (secure: TlsFiles | undefined, httpPort: number, grpcPort: number) => {
    const scheme = secure ? "https" : "http";
    const found = { http: 0, grpc: 0 };
    const fromHttp = (authority: string): Addresses => ({
      grpc: `${hostOf(authority)}:${found.grpc}`,
      url: `${scheme}://${authority}`,
    });
    const fromGrpc = (authority: string): Addresses => ({
      grpc: authority,
      url: `${scheme}://${hostOf(authority)}:${found.http}`,
    });
    const flags = secure ? ["--tls-port", "--grpc-tls-port"] : ["--port", "--grpc-port"];
    const [httpFlag = "", grpcFlag = ""] = flags;
    const common = { ...options, tls: secure };
    const http = await listenHttp({ ...common, port: httpPort, flag: httpFlag, addressesFor: fromHttp });
    open.push(http);
    const grpc = await listenGrpc({ ...common, port: grpcPort, flag: grpcFlag, addressesFor: fromGrpc });
    open.push(grpc);
    return Object.assign(found, { http: http.port, grpc: grpc.port });
  };
  try {
    const plain = await pair(undefined, ports.port, ports.grpcPort);
    const secure = await pair(tls, ports.tlsPort, ports.grpcTlsPort);
    const [name, tlsName] = [callableHost(host), tlsHost(host)];
    return {
      addresses: {
        endpoint: `${name}:${plain.grpc}`,
        url: `http://${name}:${plain.http}`,
        tlsEndpoint: `${tlsName}:${secure.grpc}`,
        tlsUrl: `https://${tlsName}:${secure.http}`,
        caPem: tls.ca,
        caFile: tls.caFile,
      },
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** By which an address can be called that is listened on: "every address" is not one to call. */
function callableHost(host: string): string {
  if (host === "0.0.0.0") return "127.0.0.1";
  if (host === "::") return "[::1]";
  return host.includes(":") ? `[${host}]` : host;
}

/** Loopback addresses are called by the name that the certificate was first made for. */
const tlsHost = (host: string): string =>
  ["0.0.0.0", "::", "127.0.0.1", "::1"].includes(host) ? "localhost" : callableHost(host);

const hostOf = (authority: string) => authority.replace(/:\d+$/, "");
