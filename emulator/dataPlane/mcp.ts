import { McpTool } from "@yandex-cloud/nodejs-sdk/serverless-mcpgateway-v1/mcp_gateway";
import type { McpGatewayRecord } from "../store/records";
import { gatewayResource, mcpGatewayTable } from "../services/mcpGateways";
import type { State } from "../store/state";
import { refuse } from "../status";
import { authorizeOn } from "./authorization";
import type { AiAnswer } from "../transport/httpCall";
import type { AiRequest, AiRoute } from "./routes";

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

function speak(gateway: McpGatewayRecord, { body }: AiRequest): AiAnswer {
  const { id, method, params } = body as { id?: unknown; method?: unknown; params?: Record<string, unknown> };
  // A notification is not answered.
  if (id === undefined) return { status: 202, bytes: Buffer.alloc(0), type: "application/json" };
  const result = typeof method === "string" ? methods[method]?.(gateway, params ?? {}) : undefined;
  if (result) return { json: { jsonrpc: "2.0", id, result } };
  return { json: { jsonrpc: "2.0", id, error: { code: -32601, message: `Method not found: ${String(method)}` } } };
}

const methods: Record<string, (gateway: McpGatewayRecord, params: Record<string, unknown>) => object> = {
  initialize: (gateway, params) => ({
    protocolVersion: params["protocolVersion"] ?? "2025-06-18",
    capabilities: { tools: {} },
    serverInfo: { name: gateway.name, version: "local stand-in" },
  }),
  ping: () => ({}),
  "tools/list": (gateway) => ({
    tools: gateway.tools
      .map((tool) => McpTool.fromJSON(tool))
      .map(({ name, description, inputJsonSchema }) => ({
        name,
        description,
        inputSchema: inputJsonSchema ? (JSON.parse(inputJsonSchema) as object) : { type: "object" },
      })),
  }),
  "tools/call": (_gateway, params) => ({
    content: [{ type: "text", text: `A local stand-in was asked to run ${String(params["name"])}` }],
    isError: false,
  }),
};
