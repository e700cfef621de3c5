NAME = 'kinds'
