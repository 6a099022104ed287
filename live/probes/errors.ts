import { judge } from "../finding";
import { type Lab, messageOf } from "../lab";
import type { Probe } from "../probes";
import type { Answer } from "../rest";

const NO_SCOPE = "yc.ai.languageModel.execute";

export const errors: Probe = {
  about: "Asks for what is refused, and lists accounts one by one.",
  creates: "2 accounts",
  async run(lab) {
    const account = await lab.account("errors");
    await lab.account("pages");
    const get = { service: "iam", method: "GET" } as const;
    const stranger = await lab.ask({
      ...get,
      path: `/iam/v1/serviceAccounts?folderId=${lab.folderId}`,
      as: { token: "t1.not-a-token" },
    });
    const noAccount = await lab.ask({ ...get, path: `/iam/v1/serviceAccounts/${unknownLike(account.id)}` });
    const noKey = await lab.ask({ ...get, path: `/iam/v1/apiKeys/${unknownLike(account.id)}` });
    const noScope = await lab.ask(lab.keyRequest(account, { scopes: [NO_SCOPE] }));
    if (noScope.status === 200) await lab.removeKey(noScope.body.apiKey.id);
    const codes = [stranger, noAccount, noKey, noScope];
    return {
      "wire-error-body": judge(
        codes.every(({ body }) => typeof body?.code === "number" && typeof body?.message === "string"),
        `The refusals have codes ${codes.map(({ body }) => String(body?.code)).join(", ")}.`,
      ),
      "wire-unauthenticated": judge(isRefused(stranger, 401, 16), shown(stranger)),
      "wire-not-found": judge(
        isRefused(noAccount, 404, 5) && isRefused(noKey, 404, 5),
        `Account: ${shown(noAccount)} Key: ${shown(noKey)}`,
      ),
      "wire-invalid": judge(isRefused(noScope, 400, 3) && messageOf(noScope).includes(NO_SCOPE), shown(noScope)),
      "wire-pages": await pages(lab),
    };
  },
};

async function pages(lab: Lab) {
  const path = `/iam/v1/serviceAccounts?folderId=${lab.folderId}&pageSize=1`;
  const first = await lab.get({ service: "iam", method: "GET", path });
  const next = first.nextPageToken
    ? await lab.get({
        service: "iam",
        method: "GET",
        path: `${path}&pageToken=${encodeURIComponent(first.nextPageToken)}`,
      })
    : undefined;
  const [one, two] = [first.serviceAccounts ?? [], next?.serviceAccounts ?? []];
  return judge(
    one.length === 1 && two.length === 1 && one[0].id !== two[0].id,
    next ? `Two pages had ${one.length} and ${two.length} accounts.` : "The first page had no nextPageToken.",
  );
}

/** An ID of the same form that nothing has. */
const unknownLike = (id: string): string => id.slice(0, 3) + "0".repeat(id.length - 3);

const isRefused = ({ status, body }: Answer, http: number, code: number): boolean =>
  status === http && body?.code === code;

const shown = (answer: Answer): string => `${answer.status}, code ${answer.body?.code}: ${messageOf(answer)}.`;
