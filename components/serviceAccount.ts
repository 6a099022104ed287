import * as pulumi from "@pulumi/pulumi";
import * as yandex from "@pulumi/yandex";
import type { AiStudioAccessArgs, NewServiceAccount } from "./arguments";
import { onceDeployed } from "./outputs";
import { labelValue, serviceAccountName } from "./serviceAccountName";
import { cloudReason } from "./written";

/** What the component needs to know of an account, whether it was made or found. */
export interface ServiceAccount {
  id: pulumi.Output<string>;
  name: pulumi.Output<string>;
  folderId: pulumi.Output<string>;
}

/** The account that the arguments ask for: adopted by id or by name, or made. */
export function serviceAccountOf(
  application: string,
  { serviceAccount: given, folderId }: AiStudioAccessArgs,
  parent: pulumi.Resource,
): ServiceAccount {
  const serviceAccount = given ?? {};
  if ("id" in serviceAccount) {
    return adopted(application, { serviceAccountId: serviceAccount.id }, parent);
  }
  if ("existingName" in serviceAccount) {
    return adopted(application, { name: serviceAccount.existingName, folderId }, parent);
  }
  return new yandex.IamServiceAccount(
    application,
    { ...newAccount(application, serviceAccount), folderId },
    { parent },
  );
}

interface Wanted {
  serviceAccountId?: pulumi.Input<string>;
  name?: pulumi.Input<string>;
  folderId?: pulumi.Input<string>;
}

const adopted = (application: string, wanted: Wanted, parent: pulumi.Resource): ServiceAccount =>
  // A name of an account that this program creates is known before there is such an account.
  onceDeployed(wanted).apply((known) =>
    yandex.getIamServiceAccount(known, { parent }).catch((error: unknown) => refuse(application, error, parent)),
  );

/** Ends the program with the cloud's reason alone, where the program would otherwise end with a trace of calls. */
function refuse(application: string, error: unknown, parent: pulumi.Resource): never {
  const message = `AiStudioAccess "${application}" cannot adopt the account: ${cloudReason(error)}`;
  const refusal = new pulumi.ResourceError(message, parent, true);
  // The engine's library writes before it, again and again, which properties have to do without the value.
  throw Object.defineProperty(refusal, "message", { get: () => message, set: () => {} });
}

function newAccount(application: string, { name, description, labels }: NewServiceAccount) {
  const [project, stack] = [pulumi.getProject(), pulumi.getStack()];
  const own = { application: labelValue(application), project: labelValue(project), stack: labelValue(stack) };
  return {
    name: name ?? serviceAccountName({ application, stack, project }),
    description: description ?? `${application} calls Yandex AI Studio as this account (${ownedBy()}).`,
    labels: pulumi.output(labels ?? {}).apply((more) => ({ ...own, ...more })),
  };
}

/** Which program made something, for people who meet it in the console. Short enough for any description. */
export const ownedBy = (): string => `Pulumi ${pulumi.getProject()}/${pulumi.getStack()}`.slice(0, 120);
