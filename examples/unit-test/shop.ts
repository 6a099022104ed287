import { AiStudioAccess } from "../../components"; // in a program of your own: "yandex-aistudio"

/** A function, so that a test can set the mocks before anything is declared. */
export const declareShop = () =>
  new AiStudioAccess("shop", { capabilities: ["textGeneration"], folderId: "b1gexample0000000000" });
