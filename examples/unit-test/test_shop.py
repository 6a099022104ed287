"""A program is tested without a cloud, an engine and plugins: `python -m unittest`."""

import unittest

import pulumi

registered = []


class Mocks(pulumi.runtime.Mocks):
    def new_resource(self, args):
        registered.append(args)
        return [f"{args.name}-id", {**args.inputs, "apiKey": "a key of the mocks"}]

    def call(self, args):
        return {}


pulumi.runtime.set_mocks(Mocks(), project="shop", stack="dev", preview=False)

import shop  # noqa: E402, after the mocks are set


class AccessOfTheShop(unittest.TestCase):
    @pulumi.runtime.test
    def test_is_for_text_alone_on_its_own_folder(self):
        def check(key):
            self.assertEqual(key, "a key of the mocks")
            [access] = [each.inputs for each in registered if each.typ.endswith(":AiStudioAccess")]
            self.assertEqual(access, {"capabilities": ["textGeneration"], "folderId": "b1gexample0000000000"})

        return shop.shop.api_key.apply(check)


if __name__ == "__main__":
    unittest.main()
