import {
  LogOptions,
  type McpGateway,
  McpGateway_Status,
  McpGatewayPreview,
  McpTool,
} from "@yandex-cloud/nodejs-sdk/serverless-mcpgateway-v1/mcp_gateway";
import {
  type McpGatewayServiceServer,
  McpGatewayServiceService,
  type UpdateMcpGatewayRequest,
} from "@yandex-cloud/nodejs-sdk/serverless-mcpgateway-v1/mcp_gateway_service";
import { folderResource, type Resource } from "../calls/access";
import type { Call } from "../calls/calls";
import type { Operations } from "../calls/operations";
import { page } from "../calls/paging";
import type { McpGatewayRecord } from "../store/records";
import type { Right } from "../catalogue/roles";
import { service } from "../calls/service";
import type { State } from "../store/state";
import { requireSchema } from "../calls/jsonSchemas";
import { refuse, StatusError } from "../status";
import { accountName, id, invalid, labels, maskedFields, maxLength, pattern, required } from "../calls/validation";
import type { AccessBindings } from "./accessBindings";
import { namedEffects } from "./namedResources";
import { nameFilter } from "./nameFilter";
import { parseJson } from "../calls/jsonText";

const kind = {
  idPrefix: "db8",
  noun: "MCP gateway",
  message: "McpGateway",
  package: "yandex.cloud.serverless.mcpgateway.v1",
  idField: "mcpGatewayId",
};

/**
 * yandex.cloud.serverless.mcpgateway.v1.McpGatewayService: MCP servers of the MCP Hub. IAM tokens only. Its `baseDomain` is a
 * path of this port instead of a domain of its own, which no name service of this machine would know.
 */
const domainOf = (gatewayId: string, call: Call) => `${call.addresses.url}/mcpgw/${gatewayId}`;

export function mcpGateways(state: State, operations: Operations, bindings: AccessBindings) {
  const gateways = mcpGatewayTable(state);
  const require = (gatewayId: string) =>
    gateways.get(gatewayId) ?? refuse("NOT_FOUND", `MCP gateway ${gatewayId} not found`);

  const { planned, create, update, remove } = namedEffects(operations, {
    kind,
    table: gateways,
    require,
    toMessage: (gateway) => toMessage(state, gateway),
    remove: (gateway) => {
      for (const binding of [...state.index.bindingsOn(gateway.id)]) state.bindings.remove(binding);
      gateways.remove(gateway.id);
    },
  });

  function requireGateway(mcpGatewayId: string, call: Call, right: Right): McpGatewayRecord {
    id("mcpGatewayId", mcpGatewayId);
    const gateway = require(mcpGatewayId);
    call.access.require(call.caller.id, right, gatewayResource(gateway));
    return gateway;
  }

  return service<McpGatewayServiceServer>(McpGatewayServiceService, {
    get(request, call) {
      const gateway = requireGateway(request.mcpGatewayId, call, "viewMcpGateways");
      // As this client reaches it, whatever port the emulator had when it was made.
      return toMessage(state, { ...gateway, baseDomain: domainOf(gateway.id, call) });
    },

    list(request, call) {
      id("folderId", request.folderId);
      const folder = state.requireFolder(request.folderId);
      call.access.require(call.caller.id, "viewMcpGateways", folderResource(folder.id));
      const matches = nameFilter(request.filter);
      const own = [...gateways.values()].filter((gateway) => gateway.folderId === folder.id && matches(gateway));
      const { items, nextPageToken } = page(own, request, (gateway) => gateway.id);
      const previews = items.map((gateway) =>
        McpGatewayPreview.fromPartial(previewOf({ ...gateway, baseDomain: domainOf(gateway.id, call) })),
      );
      return { gateways: previews, nextPageToken };
    },

    create(request, call) {
      id("folderId", request.folderId);
      const folder = state.requireFolder(request.folderId);
      call.access.require(call.caller.id, "manageMcpGateways", folderResource(folder.id));
      required("name", request.name);
      pattern("name", request.name, accountName);
      labels(request.labels, "wide");
      maxLength("description", request.description, 65_536);
      checkTools(request.tools);

      const gatewayId = state.newId("db8");
      const gateway: McpGatewayRecord = {
        id: gatewayId,
        folderId: folder.id,
        baseDomain: domainOf(gatewayId, call),
        createdAt: call.now,
        ...fieldsOf(request),
      };
      return create(call, planned("Create", gateway.id, gateway, { folderId: folder.id }));
    },

    update(request, call) {
      const gateway = requireGateway(request.mcpGatewayId, call, "manageMcpGateways");
      if (request.name !== "") pattern("name", request.name, accountName);
      labels(request.labels, "wide");
      maxLength("description", request.description, 65_536);
      checkTools(request.tools);
      const wanted = fieldsOf(request);
      const changes = maskedFields(request.updateMask, changeable).map((field) => [field, wanted[field]]);
      const payload = { id: gateway.id, ...(Object.fromEntries(changes) as Partial<Changeable>) };
      return update(call, planned("Update", gateway.id, payload, { folderId: gateway.folderId }));
    },

    delete(request, call) {
      const gateway = requireGateway(request.mcpGatewayId, call, "manageMcpGateways");
      return remove(call, planned("Delete", gateway.id, { id: gateway.id }));
    },

    listOperations: (request, call) =>
      operations.list(requireGateway(request.mcpGatewayId, call, "viewMcpGateways").id, request),

    ...bindings.methods({
      kind: "serverless.mcpGateway",
      idPrefix: "db8",
      right: "setMcpGatewayBindings",
      viewRight: "viewMcpGateways",
      answer: "empty",
      find: (gatewayId) => gatewayResource(require(gatewayId)),
    }),
  });
}

export const mcpGatewayTable = (state: State) => state.tables.table<McpGatewayRecord>("mcpGateways");

export const gatewayResource = ({ id, folderId }: McpGatewayRecord): Resource => ({
  type: "serverless.mcpGateway",
  id,
  folderId,
});

const changeable = [
  "name",
  "description",
  "labels",
  "tools",
  "logOptions",
  "serviceAccountId",
  "networkId",
  "public",
] as const;

type Changeable = Pick<McpGatewayRecord, (typeof changeable)[number]>;

/** Names and input schemas that tools/list could not show are refused before they are kept. */
function checkTools(tools: McpTool[]): void {
  for (const { name, inputJsonSchema } of tools) {
    pattern("tools.name", name, toolName);
    if (inputJsonSchema === "") continue;
    try {
      requireSchema("tools.inputJsonSchema", parseJson(inputJsonSchema));
    } catch (error) {
      invalid("tools.inputJsonSchema", error instanceof StatusError ? error.message : "is not JSON");
    }
  }
}

/** As the protocol names tools. */
const toolName = /^[a-zA-Z0-9_.-]{1,128}$/;

/** What create and update give alike, as the record keeps it: messages as their JSON. */
const fieldsOf = (request: Pick<UpdateMcpGatewayRequest, (typeof changeable)[number]>): Changeable => ({
  name: request.name,
  description: request.description,
  labels: request.labels,
  tools: request.tools.map((tool) => McpTool.toJSON(tool)),
  logOptions: request.logOptions && LogOptions.toJSON(request.logOptions),
  serviceAccountId: request.serviceAccountId,
  networkId: request.networkId,
  public: request.public,
});

/** A list shows no tools. */
const previewOf = ({ tools: _, ...gateway }: McpGatewayRecord) => ({
  ...gateway,
  createdAt: new Date(gateway.createdAt),
  status: McpGateway_Status.ACTIVE,
  logOptions: gateway.logOptions === undefined ? undefined : LogOptions.fromJSON(gateway.logOptions),
});

const toMessage = (state: State, gateway: McpGatewayRecord): McpGateway => ({
  ...previewOf(gateway),
  cloudId: state.cloudOf(gateway.folderId),
  tools: gateway.tools.map((tool) => McpTool.fromJSON(tool)),
});
