import cfnresponse


def handler(event, context):
    print('custom', event['RequestType'])
    cfnresponse.send(event, context, cfnresponse.SUCCESS, {}, 'kinds')
