// LangChain's client of the native REST API. Its address is a constant, so requests are turned around below it.
const { YandexGPT } = require("@langchain/yandex");
const { ChatYandexGPT } = require("@langchain/yandex/chat_models");
const { Refused, serve } = require("./worker.js");

const toCloud = globalThis.fetch;
globalThis.fetch = (address, options) => {
  const { pathname } = new URL(address);
  return toCloud(`${process.env.CLOUD_URL}${pathname}`, options);
};

const calls = {
  chat: async (settings, text) => (await new ChatYandexGPT(settings).invoke([["human", text]])).content,
  completion: (settings, text) => new YandexGPT(settings).invoke(text),
};

serve(async ({ call, as, folderId, model, text }) => {
  const settings = {
    ...(as.apiKey ? { apiKey: as.apiKey } : { iamToken: as.token }),
    folderID: folderId,
    modelURI: model,
    maxRetries: 0,
  };
  try {
    return await calls[call](settings, text);
  } catch (error) {
    const status = /\b[45]\d\d\b/.exec(error.message)?.[0];
    if (status) throw new Refused(Number(status), error.message);
    throw error;
  }
});
