import { randomUUID } from "node:crypto";
import type { State } from "../store/state";
import { refuse } from "../status";
import { type Authorization, authorize } from "./authorization";
import type { CapabilityName } from "./capabilities";
import type { AiAnswer } from "../transport/httpCall";
import type { AiRequest, AiRoute } from "./routes";

/** A vector store, a conversation or a file, as the API shows it. */
interface AgentObject {
  id: string;
  folderId: string;
  shown: Record<string, unknown>;
}

interface Kind {
  path: string;
  table: string;
  capability: CapabilityName;
  idPrefix: string;
  /** The word under which a deleted one is told. */
  deleted: string;
  listed: boolean;
  /** Fields that a change may set. None: it cannot be changed. */
  changeable: readonly string[];
  made(request: AiRequest): Record<string, unknown> | Promise<Record<string, unknown>>;
}

const kinds: Kind[] = [
  {
    path: "/v1/conversations",
    table: "conversations",
    capability: "responses",
    idPrefix: "conv",
    deleted: "conversation.deleted",
    listed: false,
    changeable: ["metadata"],
    made: ({ body }) => ({ object: "conversation", metadata: body.metadata ?? {} }),
  },
  {
    path: "/v1/vector_stores",
    table: "vectorStores",
    capability: "files",
    idPrefix: "vs",
    deleted: "vector_store.deleted",
    listed: true,
    changeable: ["name", "metadata"],
    made: ({ body }) => ({
      object: "vector_store",
      name: body.name ?? "",
      metadata: body.metadata ?? {},
      status: "completed",
      usage_bytes: 0,
      file_counts: { in_progress: 0, completed: 0, failed: 0, cancelled: 0, total: 0 },
    }),
  },
  {
    path: "/v1/files",
    table: "files",
    capability: "files",
    idPrefix: "file",
    deleted: "file",
    listed: true,
    changeable: [],
    made: upload,
  },
];

/** What agents use beside the Responses API. Names and sizes are kept; nothing is indexed, and no contents are stored. */
export const agentRoutes = (state: State): AiRoute[] => kinds.flatMap((kind) => routesOf(state, kind));

function routesOf(state: State, kind: Kind): AiRoute[] {
  const table = state.tables.table<AgentObject>(kind.table);
  const own = ({ folderId }: Authorization) => [...table.values()].filter((object) => object.folderId === folderId);
  const find = ({ call, params }: AiRequest): AgentObject => {
    const authorization = authorize(state, call, kind.capability, []);
    const id = params["id"] ?? "";
    return (
      own(authorization).find((object) => object.id === id) ?? refuse("NOT_FOUND", `No ${kind.table} with id ${id}`)
    );
  };

  const routes: AiRoute[] = [
    {
      route: `POST ${kind.path}`,
      async answer(request) {
        const { call } = request;
        const { folderId } = authorize(state, call, kind.capability, []);
        const id = `${kind.idPrefix}_${randomUUID().replaceAll("-", "")}`;
        const shown = { id, created_at: Math.floor(call.now / 1000), ...(await kind.made(request)) };
        table.put(id, { id, folderId, shown });
        call.wrote(id);
        return { json: shown };
      },
    },
    { route: `GET ${kind.path}/{id}`, answer: (request) => ({ json: find(request).shown }) },
    {
      route: `DELETE ${kind.path}/{id}`,
      answer(request) {
        const { id } = find(request);
        table.remove(id);
        request.call.wrote(id);
        return { json: { id, object: kind.deleted, deleted: true } };
      },
    },
  ];
  if (kind.listed)
    routes.push({
      route: `GET ${kind.path}`,
      answer: ({ call }) => list(own(authorize(state, call, kind.capability, [])).map(({ shown }) => shown)),
    });
  if (kind.changeable.length > 0)
    routes.push({
      route: `POST ${kind.path}/{id}`,
      answer(request) {
        const object = find(request);
        const changes = Object.entries(request.body).filter(([name]) => kind.changeable.includes(name));
        const shown = { ...object.shown, ...Object.fromEntries(changes) };
        table.put(object.id, { ...object, shown });
        request.call.wrote(object.id);
        return { json: shown };
      },
    });
  return routes;
}

const list = (data: Record<string, unknown>[]): AiAnswer => ({
  json: {
    object: "list",
    data,
    has_more: false,
    first_id: data[0]?.["id"] ?? null,
    last_id: data.at(-1)?.["id"] ?? null,
  },
});

/** A form with the file in it. */
async function upload({ bytes, headers }: AiRequest): Promise<Record<string, unknown>> {
  const form = await new Response(new Uint8Array(bytes), { headers: { "content-type": headers["content-type"] ?? "" } })
    .formData()
    .catch(() => refuse("INVALID_ARGUMENT", "The request is no form"));
  const file = form.get("file");
  if (!(file instanceof File)) return refuse("INVALID_ARGUMENT", "file must be specified");
  const purpose = form.get("purpose") ?? "assistants";
  return { object: "file", filename: file.name, bytes: file.size, purpose, status: "processed" };
}
