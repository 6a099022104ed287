import type { Emulator } from "../../../emulator/emulator";
import { type Api, type Json, openApi, responseOf, type Transport } from "../../support/api";
import { startCloud } from "../../support/cloud";

const scope = "yc.serverless.mcpGateways.invoke";
const tool = {
  name: "order",
  description: "Tells the state of an order.",
  inputJsonSchema: '{"type":"object","properties":{"id":{"type":"string"}}}',
  action: { functionCall: { functionId: "d4e00000000000000001" } },
};

describe.each<Transport>(["grpc", "rest"])("MCP servers over %s", (transport) => {
  it("are made, changed, listed and deleted", async () => {
    await using cloud = await startCloud();
    using api = openApi(cloud, transport);

    const made = responseOf(
      await create(cloud, api, { name: "orders", tools: [tool], labels: { "team/name": "web@one.two" } }),
    );
    const mcpGatewayId = made.id as string;
    const changed = responseOf(
      await api.call("McpGatewayService/Update", { mcpGatewayId, description: "Orders.", updateMask: "description" }),
    );
    const { gateways } = await api.call("McpGatewayService/List", { folderId: cloud.folderId });
    const found = await api.call("McpGatewayService/Get", { mcpGatewayId });

    expect(made).toMatchObject({ status: "ACTIVE", baseDomain: `${cloud.url}/mcpgw/${mcpGatewayId}`, tools: [tool] });
    expect(changed).toMatchObject({
      name: "orders",
      description: "Orders.",
      labels: { "team/name": "web@one.two" },
      tools: [tool],
    });
    expect(gateways).toMatchObject([{ id: mcpGatewayId, name: "orders" }]);
    expect(found).toEqual(withoutType(changed));

    responseOf(await api.call("McpGatewayService/Delete", { mcpGatewayId }));
    expect(await api.refusal("McpGatewayService/Get", { mcpGatewayId })).toBe(
      `NOT_FOUND MCP gateway ${mcpGatewayId} not found`,
    );
  });

  it("keep what one operation changes while another one is under way", async () => {
    await using cloud = await startCloud();
    using api = openApi(cloud, transport);
    const { id: mcpGatewayId } = responseOf(await create(cloud, api, { name: "orders" }));
    cloud.switches.operations = { polls: 1 };

    const operations = [
      await api.call("McpGatewayService/Update", { mcpGatewayId, description: "Orders.", updateMask: "description" }),
      await api.call("McpGatewayService/Update", { mcpGatewayId, tools: [tool], updateMask: "tools" }),
    ];
    for (const { id } of operations) await api.call("OperationService/Get", { operationId: id });

    const found = await api.call("McpGatewayService/Get", { mcpGatewayId });
    expect(found).toMatchObject({ description: "Orders.", tools: [{ name: "order" }] });
  });

  it.each([
    ["a schema that is not JSON", { inputJsonSchema: "not json" }, "tools.inputJsonSchema: is not JSON"],
    ["a schema that is not valid", { inputJsonSchema: '{"type":"no"}' }, "is not a valid JSON schema"],
    ["a name with a space", { name: "two words" }, "tools.name: Field does not match the pattern"],
  ])("refuse a tool with %s", async (_, changes, words) => {
    await using cloud = await startCloud();
    using api = openApi(cloud, transport);
    const fields = { folderId: cloud.folderId, name: "orders", tools: [{ ...tool, ...changes }] };

    expect(await api.refusal("McpGatewayService/Create", fields)).toContain(words);
  });

  it("are managed by who has the role, and with a token only", async () => {
    await using cloud = await startCloud();
    const viewer = cloud.addAccount({ name: "viewer", roles: ["serverless.mcpGateways.viewer"] });
    const invoker = cloud.addAccount({ name: "invoker", roles: ["serverless.mcpGateways.invoker"] });
    using looking = openApi(cloud, transport, cloud.addToken(viewer));
    using calling = openApi(cloud, transport, cloud.addToken(invoker));
    using keyed = openApi(cloud, transport, cloud.addApiKey(viewer, { scopes: [scope] }).secret);
    const list = { folderId: cloud.folderId };
    const denied = `PERMISSION_DENIED Permission denied to resource-manager.folder ${cloud.folderId}`;

    expect(await looking.call("McpGatewayService/List", list)).not.toHaveProperty("code");
    using managing = openApi(cloud, transport);
    const made = responseOf(await create(cloud, managing, { name: "news" }));
    const subject = { id: viewer, type: "serviceAccount" };
    const accessBinding = { roleId: "serverless.mcpGateways.invoker", subject };
    const grant = { resourceId: made.id as string, accessBindingDeltas: [{ action: "ADD", accessBinding }] };
    expect(await looking.refusal("McpGatewayService/UpdateAccessBindings", grant)).toBe(
      `PERMISSION_DENIED Permission denied to serverless.mcpGateway ${made.id}`,
    );
    expect(await looking.refusal("McpGatewayService/Create", { ...list, name: "orders" })).toBe(denied);
    expect(await calling.refusal("McpGatewayService/List", list)).toBe(denied);
    expect(await keyed.refusal("McpGatewayService/List", list)).toBe("UNAUTHENTICATED The token is invalid");
  });
});

describe("an MCP server", () => {
  it("greets, lists its tools and is asked to run one", async () => {
    await using cloud = await startCloud();
    const { address } = await gateway(cloud);
    const key = keyOf(cloud);

    expect(await say(address, key, "initialize", { protocolVersion: "2025-06-18" })).toMatchObject({
      status: 200,
      json: { result: { protocolVersion: "2025-06-18", serverInfo: { name: "orders" }, capabilities: { tools: {} } } },
    });
    expect(await say(address, key, "tools/list")).toMatchObject({
      json: { result: { tools: [{ name: "order", inputSchema: { type: "object" } }] } },
    });
    expect(await say(address, key, "tools/call", { name: "order", arguments: { id: "1" } })).toMatchObject({
      json: { result: { content: [{ type: "text", text: "A local stand-in was asked to run order" }] } },
    });
    expect(await say(address, key, "resources/list")).toMatchObject({ json: { error: { code: -32601 } } });
  });

  it.each(["constructor", "toString", "__proto__", "__defineGetter__"])("has no method %s", async (method) => {
    await using cloud = await startCloud();
    const { address } = await gateway(cloud, { public: true });

    expect(await say(address, undefined, method)).toMatchObject({ json: { error: { code: -32601 } } });
  });

  it.each([
    ["{", -32700],
    ["[]", -32600],
    ['[{"jsonrpc":"2.0","id":1,"method":"ping"}]', -32600],
    ['"ping"', -32600],
    ['{"id":1,"method":"ping"}', -32600],
    ['{"jsonrpc":"2.0","id":{},"method":"ping"}', -32600],
  ])("refuses %s by the protocol's code", async (body, code) => {
    await using cloud = await startCloud();
    const { address } = await gateway(cloud, { public: true });

    const answer = await fetch(address, { method: "POST", body });

    expect(await answer.json()).toMatchObject({ jsonrpc: "2.0", id: null, error: { code } });
  });

  it("speaks a version of the protocol that it knows, and looks at names and arguments of tools", async () => {
    await using cloud = await startCloud();
    const { address } = await gateway(cloud, { public: true });
    const ask = async (method: string, params: Json) => (await say(address, undefined, method, params)).json;

    expect((await ask("initialize", { protocolVersion: "2025-03-26" })).result.protocolVersion).toBe("2025-03-26");
    expect((await ask("initialize", { protocolVersion: { no: 1 } })).result.protocolVersion).toBe("2025-11-25");
    expect((await ask("tools/call", { name: "none" })).error.code).toBe(-32602);
    expect((await ask("tools/call", { name: "order", arguments: { id: 5 } })).result.isError).toBe(true);
  });

  it("streams nothing and keeps no session", async () => {
    await using cloud = await startCloud();
    const { address } = await gateway(cloud);

    const answers = await Promise.all(["GET", "DELETE"].map((method) => fetch(address, { method })));

    expect(answers.map(({ status }) => status)).toEqual([405, 405]);
  });

  it("does not answer a notification", async () => {
    await using cloud = await startCloud();
    const { address } = await gateway(cloud);
    const notification = { jsonrpc: "2.0", method: "notifications/initialized" };

    const answer = await fetch(address, {
      method: "POST",
      headers: { authorization: `Api-Key ${keyOf(cloud)}` },
      body: JSON.stringify(notification),
    });

    expect([answer.status, await answer.text()]).toEqual([202, ""]);
  });

  it("looks at the key, its scope, its expiry and the role, in this order", async () => {
    await using cloud = await startCloud();
    const { address, id } = await gateway(cloud);
    const past = cloud.clock.now() - 1000;
    const stranger = { roles: [] };

    expect(await say(address, undefined, "ping")).toMatchObject({
      json: { message: "IAM token or API key has to be passed in request" },
    });
    expect(await say(address, "AQVNnobody", "ping")).toMatchObject({
      status: 401,
      json: { message: expect.stringMatching(/^Unknown api key/) as string },
    });
    const other = keyOf(cloud, { ...stranger, scopes: ["yc.ai.foundationModels.execute"], expiresAt: past });
    expect(await say(address, other, "ping")).toMatchObject({
      status: 401,
      json: { message: expect.stringMatching(/^Unknown api key/) as string },
    });
    const expired = keyOf(cloud, { ...stranger, expiresAt: past });
    expect(await say(address, expired, "ping")).toMatchObject({
      status: 401,
      json: { message: expect.stringMatching(/^The apikey has expired/) as string },
    });
    expect(await say(address, keyOf(cloud, stranger), "ping")).toMatchObject({
      status: 403,
      json: {
        message: expect.stringMatching(
          `^Permission to \\[serverless.mcpGateway ${id}, resource-manager.folder .* denied$`,
        ) as string,
      },
    });
    expect(await say(`${address}0`, keyOf(cloud), "ping")).toMatchObject({ status: 404 });
  });

  it("opens to a role that was granted on it alone, and to everybody if it is public", async () => {
    await using cloud = await startCloud();
    const { address, id } = await gateway(cloud);
    const open = await gateway(cloud, { name: "news", public: true });
    const account = cloud.addAccount({ name: "guest" });
    const subject = { id: account, type: "serviceAccount" };
    cloud.addGrant({ resourceId: id, roleId: "serverless.mcpGateways.invoker", subject });
    const { secret } = cloud.addApiKey(account, { scopes: [scope] });

    expect(await say(address, secret, "ping")).toMatchObject({ status: 200 });
    expect(await say(open.address, undefined, "ping")).toMatchObject({ status: 200 });
  });
});

const create = (cloud: Emulator, api: Api, fields: Json) =>
  api.call("McpGatewayService/Create", { folderId: cloud.folderId, ...fields });

async function gateway(cloud: Emulator, fields: Json = {}): Promise<{ id: string; address: string }> {
  using api = openApi(cloud, "grpc");
  const { id, baseDomain } = responseOf(await create(cloud, api, { name: "orders", tools: [tool], ...fields }));
  return { id: id as string, address: baseDomain as string };
}

function keyOf(cloud: Emulator, options: { roles?: string[]; scopes?: string[]; expiresAt?: number } = {}): string {
  const { roles = ["serverless.mcpGateways.invoker"], scopes = [scope], expiresAt } = options;
  return cloud.addApiKey(cloud.addAccount({ name: `agent-${cloud.calls.length}`, roles }), { scopes, expiresAt })
    .secret;
}

async function say(address: string, key: string | undefined, method: string, params: Json = {}) {
  const answer = await fetch(address, {
    method: "POST",
    headers: { "content-type": "application/json", ...(key && { authorization: `Api-Key ${key}` }) },
    body: JSON.stringify({ jsonrpc: "2.0", id: 1, method, params }),
  });
  return { status: answer.status, json: (await answer.json()) as Json };
}

const withoutType = ({ "@type": _, ...fields }: Json): Json => fields;
