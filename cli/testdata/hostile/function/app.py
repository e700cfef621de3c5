def handler(event, context):
    print('\x1b[31m' + event['text'])
    raise ValueError(event['text'])
