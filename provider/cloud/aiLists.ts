import { BinaryReader, BinaryWriter } from "google-protobuf";
import type { Service } from "./discovery";

/** An MCP server as the list of a folder shows it. */
export interface McpServer {
  /** `https://…`, or the host alone. */
  address: string;
  active: boolean;
  /** Whether it answers anybody, with a key or without. */
  public: boolean;
}

/**
 * Lists of AI Studio by which a key is tried out, with as much of their messages as matters here. The vendor's definitions of
 * these services would make the plugin a fifth larger, for one field of a request and three of a response.
 */
export const AI_LISTS = {
  tunings: ["fomo-tuning", listAt("yandex.cloud.ai.tuning.v1.TuningService", nothing)],
  datasets: ["fomo-dataset", listAt("yandex.cloud.ai.dataset.v1.DatasetService", nothing)],
  mcpServers: [
    "serverless-mcp-gateway",
    listAt("yandex.cloud.serverless.mcpgateway.v1.McpGatewayService", readServers),
  ],
} as const satisfies Record<string, readonly [Service, object]>;

export type AiLists = {
  [Name in keyof typeof AI_LISTS]: ReturnType<(typeof AI_LISTS)[Name][1]["list"]["responseDeserialize"]>;
};

interface ListRequest {
  folderId: string;
}

/** A service of which only the method List is known. Field 1 of its request is the folder in all of them. */
function listAt<Item>(service: string, read: (bytes: Uint8Array) => Item[]) {
  return {
    list: {
      path: `/${service}/List`,
      requestStream: false,
      responseStream: false,
      requestSerialize({ folderId }: ListRequest): Buffer {
        const writer = new BinaryWriter();
        writer.writeString(1, folderId);
        return Buffer.from(writer.getResultBuffer());
      },
      requestDeserialize: (): ListRequest => ({ folderId: "" }),
      responseSerialize: (_: Item[]) => Buffer.alloc(0),
      responseDeserialize: (bytes: Buffer) => read(bytes),
    },
  } as const;
}

/** That there is an answer says all. */
function nothing(): never[] {
  return [];
}

function readServers(bytes: Uint8Array): McpServer[] {
  const servers: McpServer[] = [];
  const reader = new BinaryReader(bytes);
  while (reader.nextField()) {
    if (reader.getFieldNumber() !== 1) reader.skipField();
    else {
      const server: McpServer = { address: "", active: false, public: false };
      reader.readMessage(server, readServer);
      servers.push(server);
    }
  }
  return servers;
}

const ACTIVE = 2;

function readServer(server: McpServer, reader: BinaryReader): void {
  while (reader.nextField()) {
    const field = reader.getFieldNumber();
    if (field === 7) server.active = reader.readEnum() === ACTIVE;
    else if (field === 8) server.address = reader.readString();
    else if (field === 12) server.public = reader.readBool();
    else reader.skipField();
  }
}
