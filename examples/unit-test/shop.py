from pulumi_yandex_aistudio import AiStudioAccess

shop = AiStudioAccess("shop", capabilities=["textGeneration"], folder_id="b1gexample0000000000")
