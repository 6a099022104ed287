import { ApiEndpointServiceService } from "@yandex-cloud/nodejs-sdk/endpoint/api_endpoint_service";
import { ApiKeyServiceService } from "@yandex-cloud/nodejs-sdk/iam-v1/api_key_service";
import { IamTokenServiceService } from "@yandex-cloud/nodejs-sdk/iam-v1/iam_token_service";
import { RoleServiceService } from "@yandex-cloud/nodejs-sdk/iam-v1/role_service";
import { ServiceAccountServiceService } from "@yandex-cloud/nodejs-sdk/iam-v1/service_account_service";
import { PayloadServiceService } from "@yandex-cloud/nodejs-sdk/lockbox-v1/payload_service";
import { SecretServiceService } from "@yandex-cloud/nodejs-sdk/lockbox-v1/secret_service";
import { OperationServiceService } from "@yandex-cloud/nodejs-sdk/operation/operation_service";
import { CloudServiceService } from "@yandex-cloud/nodejs-sdk/resourcemanager-v1/cloud_service";
import { FolderServiceService } from "@yandex-cloud/nodejs-sdk/resourcemanager-v1/folder_service";
import { createClientFactory, Metadata } from "nice-grpc";
import type { CallOptions } from "nice-grpc";
import { pages } from "./pages";
import type { Settings } from "../settings";
import { signInAs } from "../signIn";
import type { Credentials, TokenRequest } from "../signIn";
import type { World } from "../world";
import { AI_LISTS } from "./aiLists";
import type { AiLists } from "./aiLists";
import { callMiddleware } from "./calls";
import { openChannels } from "./channels";
import { discover } from "./discovery";
import type { AddressOf, Service } from "./discovery";
import { askOverHttp } from "./http";
import type { HttpAnswer, HttpRequest } from "./http";
import { withRequestDefaults } from "./partialRequests";
import type { ClientOf } from "./partialRequests";
import { trustIn } from "./trust";

/**
 * Everything that takes part in a call. This file brings in the vendor's definitions and the gRPC client, and is loaded
 * with the first call: a plugin that is only asked for its schema never needs it.
 */
const SERVICES = {
  serviceAccounts: ["iam", ServiceAccountServiceService],
  apiKeys: ["iam", ApiKeyServiceService],
  roles: ["iam", RoleServiceService],
  folders: ["resource-manager", FolderServiceService],
  clouds: ["resource-manager", CloudServiceService],
  secrets: ["lockbox", SecretServiceService],
  payloads: ["lockbox-payload", PayloadServiceService],
  operations: ["operation", OperationServiceService],
} as const satisfies Record<string, readonly [Service, object]>;

export type Clients = { [Name in keyof typeof SERVICES]: ClientOf<(typeof SERVICES)[Name][1], CallOptions> };

export interface CloudConnection {
  /** The client of a service, at the address that the cloud's directory gives. */
  client<Name extends keyof Clients>(name: Name, optional?: boolean): Promise<Clients[Name]>;
  addressOf: AddressOf;
  fetch(url: string, request: HttpRequest): Promise<HttpAnswer>;
  /** What AI Studio lists in a folder, asked with a key; without one, as the deployer. */
  aiList<Name extends keyof AiLists>(
    name: Name,
    folderId: string,
    options: { secretKey?: string; signal: AbortSignal },
  ): Promise<AiLists[Name]>;
  close(): void;
}

export function openConnection(settings: Settings, world: World): CloudConnection {
  const { endpoint, maxRetries } = settings;
  const trust = trustIn(settings, world);
  const channels = openChannels(settings, trust, world.env);
  const raise = async <Definition extends ClientDefinition>(
    definition: Definition,
    address: string,
    deployer?: Credentials,
  ) =>
    createClientFactory()
      .use(callMiddleware({ world, maxRetries, address, deployer }))
      .create(withRequestDefaults(definition), await channels.to(address));

  const addressOf = discover(async (optional) => {
    const directory = await raise(ApiEndpointServiceService, endpoint);
    // The size of a page is deprecated; a service that pages nevertheless says so in its answer.
    return pages(async (pageToken) => {
      const { endpoints, nextPageToken } = await directory.list({ pageSize: 0, pageToken }, { optional });
      return { items: endpoints, nextPageToken };
    });
  }, endpoint);

  const deployer = signInAs(settings.signIn, createIamToken, world);
  async function createIamToken(request: TokenRequest) {
    const iamTokens = await raise(IamTokenServiceService, await addressOf("iam"));
    const none = { jwt: undefined, yandexPassportOauthToken: undefined };
    const { iamToken, expiresAt } = await iamTokens.create({ ...none, ...request });
    return { value: iamToken, expiresAt: expiresAt?.getTime() };
  }

  const clients = new Map<keyof Clients, Promise<unknown>>();
  return {
    client<Name extends keyof Clients>(name: Name, optional?: boolean) {
      const [service, definition] = SERVICES[name];
      let client = clients.get(name);
      if (!client) {
        client = addressOf(service, optional).then((address) =>
          raise(definition as ClientDefinition, address, deployer),
        );
        clients.set(name, client);
        // What failed is tried again by the next call.
        client.catch(() => clients.delete(name));
      }
      return client as Promise<Clients[Name]>;
    },
    addressOf,
    fetch: async (url, request) => askOverHttp(url, request, { trust: await trust(), env: world.env }),
    async aiList(name, folderId, { secretKey, signal }) {
      const [service, definition] = AI_LISTS[name];
      const client = await raise(definition, await addressOf(service), secretKey === undefined ? deployer : undefined);
      const metadata = secretKey === undefined ? Metadata() : Metadata({ authorization: `Api-Key ${secretKey}` });
      return client.list({ folderId }, { metadata, signal }) as Promise<never>;
    },
    close: channels.close,
  };
}

type ClientDefinition = Parameters<ReturnType<typeof createClientFactory>["create"]>[0];
