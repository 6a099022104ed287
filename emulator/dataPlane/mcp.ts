import { McpTool } from "@yandex-cloud/nodejs-sdk/serverless-mcpgateway-v1/mcp_gateway";
import { fits, requireSchema } from "../calls/jsonSchemas";
import type { McpGatewayRecord } from "../store/records";
import { gatewayResource, mcpGatewayTable } from "../services/mcpGateways";
import type { State } from "../store/state";
import { refuse } from "../status";
import { authorizeOn } from "./authorization";
import type { AiAnswer } from "../transport/httpCall";
import { isObject } from "./openai/bodies";
import type { AiRequest, AiRoute } from "./routes";
import { parseJson } from "../calls/jsonText";

/**
 * MCP servers of the MCP Hub, by the protocol's "streamable HTTP" without streams: each message is answered as JSON. Tools are
 * listed and not run. The older transport over `/sse` is not emulated.
 */
export function mcpRoutes(state: State): AiRoute[] {
  const gateways = mcpGatewayTable(state);
  return [
    // What the protocol wants of a server that streams nothing and keeps no sessions.
    { route: "GET /mcpgw/{gatewayId}", answer: () => notAllowed },
    { route: "DELETE /mcpgw/{gatewayId}", answer: () => notAllowed },
    {
      route: "POST /mcpgw/{gatewayId}",
      errors: "plain",
      answer(request) {
        const gateway = gateways.get(request.params["gatewayId"] ?? "");
        // A stranger does not learn whether there is such a server.
        if (!gateway?.public) authorizeOn(state, request.call, "mcp", gateway && gatewayResource(gateway));
        return speak(gateway ?? refuse("NOT_FOUND", "MCP gateway not found"), request);
      },
    },
  ];
}

const notAllowed: AiAnswer = { status: 405, bytes: Buffer.alloc(0), type: "application/json" };

/** One message. Batches left the protocol in 2025-06-18. */
function speak(gateway: McpGatewayRecord, { bytes }: AiRequest): AiAnswer {
  const message = readMessage(bytes);
  if (message === undefined) return failed(null, -32700, "Parse error");
  if (!isObject(message) || message["jsonrpc"] !== "2.0") return failed(null, -32600, "Invalid Request");
  const { id, method, params } = message;
  // An answer or a notification is not answered.
  if (id === undefined || method === undefined)
    return { status: 202, bytes: Buffer.alloc(0), type: "application/json" };
  if (typeof id !== "string" && typeof id !== "number") return failed(null, -32600, "Invalid Request");
  if (typeof method !== "string" || !Object.hasOwn(methods, method))
    return failed(id, -32601, `Method not found: ${String(method).slice(0, 100)}`);
  const result = methods[method]?.(gateway, isObject(params) ? params : {});
  return result ? { json: { jsonrpc: "2.0", id, result } } : failed(id, -32602, "Invalid params");
}

function readMessage(bytes: Buffer): unknown {
  try {
    return parseJson(bytes.toString());
  } catch {
    return undefined;
  }
}

const failed = (id: string | number | null, code: number, message: string): AiAnswer => ({
  json: { jsonrpc: "2.0", id, error: { code, message } },
});

const protocolVersions = ["2025-11-25", "2025-06-18", "2025-03-26"];

/** What each method answers; undefined: its parameters are not right. */
const methods: Record<string, (gateway: McpGatewayRecord, params: Record<string, unknown>) => object | undefined> = {
  initialize: (gateway, { protocolVersion }) => ({
    protocolVersion: protocolVersions.find((version) => version === protocolVersion) ?? protocolVersions[0],
    capabilities: { tools: {} },
    serverInfo: { name: gateway.name, version: "local stand-in" },
  }),
  ping: () => ({}),
  "tools/list": (gateway) => ({
    tools: toolsOf(gateway).map(({ name, description, inputJsonSchema }) => ({
      name,
      description,
      inputSchema: inputJsonSchema ? (JSON.parse(inputJsonSchema) as object) : { type: "object" },
    })),
  }),
  "tools/call"(gateway, { name, arguments: given = {} }) {
    const tool = toolsOf(gateway).find((known) => known.name === name);
    if (!tool) return undefined;
    const schema = tool.inputJsonSchema && requireSchema("inputJsonSchema", JSON.parse(tool.inputJsonSchema));
    const isError = schema !== "" && !fits(schema, given);
    const text = isError
      ? "The arguments do not fit the schema of the tool"
      : `A local stand-in was asked to run ${tool.name}`;
    return { content: [{ type: "text", text }], isError };
  },
};

const toolsOf = (gateway: McpGatewayRecord) => gateway.tools.map((tool) => McpTool.fromJSON(tool));
