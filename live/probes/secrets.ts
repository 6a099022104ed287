import { judge } from "../finding";
import { LABEL, type Lab } from "../lab";
import type { Probe } from "../probes";

export const secrets: Probe = {
  about: "Puts two versions into a Lockbox secret, reads them, and schedules the current one for destruction.",
  creates: "1 Lockbox secret, which is deleted at the end",
  needs: "lockbox.admin",
  async run(lab) {
    const path = "/lockbox/v1/secrets";
    const body = {
      folderId: lab.folderId,
      name: `${lab.prefix}-secret`,
      labels: { [LABEL]: lab.prefix },
      versionPayloadEntries: [{ key: "first", textValue: "one" }],
    };
    const { id } = await lab.change({ service: "lockbox", method: "POST", path, body });
    const added = await lab.change({
      service: "lockbox",
      method: "POST",
      path: `${path}/${id}:addVersion`,
      body: { payloadEntries: [{ key: "second", textValue: "two" }] },
    });
    const payload = await readPayload(lab, id);
    const destroyed = await lab.ask({
      service: "lockbox",
      method: "POST",
      path: `${path}/${id}:scheduleVersionDestruction`,
      body: { versionId: added.id },
    });
    await lab.change({ service: "lockbox", method: "DELETE", path: `${path}/${id}` });
    return {
      "lockbox-carry-over": judge(
        payload.entries.join() === "first,second",
        `The second version has the entries ${payload.entries.join(", ")}.`,
      ),
      "lockbox-current": judge(
        payload.versionId === added.id,
        `The payload is that of ${payload.versionId === added.id ? "the newest" : "another"} version.`,
      ),
      "lockbox-destroy-current": judge(
        destroyed.status === 200,
        `Scheduling the current version for destruction was answered with ${destroyed.status}.`,
      ),
    };
  },
};

async function readPayload(lab: Lab, id: string): Promise<{ versionId: string; entries: string[] }> {
  const path = `/lockbox/v1/secrets/${id}/payload`;
  const { versionId, entries = [] } = await lab.get({ service: "lockbox-payload", method: "GET", path });
  return { versionId, entries: (entries as { key: string }[]).map(({ key }) => key).sort() };
}
