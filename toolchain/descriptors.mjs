import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ensureClients } from "./clients.mjs";
import { lastLine, stop } from "./report.mjs";
import { runQuietly } from "./run.mjs";

/** The services of the local cloud, and the details of errors. What they import comes along. */
const files = [
  "google/rpc/error_details",
  "google/rpc/status",
  ...[
    "ai/batch_inference/v1/batch_inference_service",
    "ai/dataset/v1/dataset_service",
    "ai/foundation_models/v1/embedding/embedding_service",
    "ai/foundation_models/v1/image_generation/image_generation_service",
    "ai/foundation_models/v1/text_classification/text_classification_service",
    "ai/foundation_models/v1/text_generation/text_generation_service",
    "ai/ocr/v1/ocr_service",
    "ai/stt/v3/stt_service",
    "ai/translate/v2/translation_service",
    "ai/tts/v3/tts_service",
    "ai/tuning/v1/tuning_service",
    "endpoint/api_endpoint_service",
    "iam/v1/api_key_service",
    "iam/v1/iam_token_service",
    "iam/v1/key_service",
    "iam/v1/role_service",
    "iam/v1/service_account_service",
    "iam/v1/user_account_service",
    "iam/v1/yandex_passport_user_account_service",
    "lockbox/v1/payload_service",
    "lockbox/v1/secret_service",
    "operation/operation_service",
    "quota/quota",
    "resourcemanager/v1/cloud_service",
    "resourcemanager/v1/folder_service",
    "searchapi/v2/gen_search_service",
    "searchapi/v2/img_search_service",
    "searchapi/v2/search_service",
    "serverless/mcpgateway/v1/mcp_gateway_service",
  ].map((name) => `yandex/cloud/${name}`),
];

/** Writes emulator/transport/descriptors.json from the vendor's Python package, in the version the suite of clients pins. */
export async function writeDescriptors(root) {
  const { CONFORMANCE_PYTHON: python } = await ensureClients(root);
  const requirements = readFileSync(join(root, "test/conformance/clients/python/requirements.txt"), "utf8");
  const { code, output } = await runQuietly(python, [join(root, "toolchain/descriptors.py"), ...files]);
  if (code !== 0) throw stop(`The descriptors could not be read: ${lastLine(output)}`);
  const source = `yandexcloud ${/^yandexcloud==(\S+)/m.exec(requirements)?.[1]} of PyPI, by npm run record descriptors`;
  const content = { source, descriptors: output.trim() };
  writeFileSync(join(root, "emulator/transport/descriptors.json"), `${JSON.stringify(content, undefined, 2)}\n`);
  return 0;
}
